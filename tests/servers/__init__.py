"""Real servers for tests: PostgreSQL, MariaDB and RabbitMQ as private processes.

Each listens on a free port of 127.0.0.1, keeps its data in a temporary folder and
is gone when the last test process that uses it has ended. The system-wide servers
of the machine are neither used nor touched.

In tests: the fixtures of `tests.servers.fixtures`. Elsewhere:

    python -m tests.servers postgresql mariadb rabbitmq

prints the address of each and keeps them running until it is interrupted.
"""
