"""A program: keeps the machines of the local cloud, apart from everything else.

It stands alone (standard library only, nothing of ours is imported; its modules name each other
by their place beside each other) in user, mount, network, process, IPC and UTS namespaces of its
own, and all machines live below it: whenever it ends, they end. It is told what to do by messages
on the socket whose number it is given; with the end of that socket it ends. File descriptors
(sockets inside of a machine's network) go back on it.
"""
