"""What each warning is about, at length: why it matters and what to do."""

from __future__ import annotations

from collections.abc import Mapping

EXPLANATIONS: Mapping[str, str] = {
    "aws-default": """\
AWS takes a snapshot of a database before it deletes it, unless DeletionPolicy says otherwise.
Here what is not to be kept on purpose is deleted. Say what you mean: DeletionPolicy: Delete, or
Retain.""",
    "aws-ignored-property": """\
Types of AWS take some properties so that templates need not be changed: the cloud has nothing to
do with them. Those that would be missed are errors instead. The page of the type says what each
property does.""",
    "aws-lookup": """\
There is no parameter store and no secrets manager behind a template: {{resolve:…}} stays the text
that it is, and a parameter of a type AWS::SSM::Parameter::Value has the value that it is given.
Give the value itself: by a parameter, with NoEcho where it is a secret, or from
OS::Barbican::Secret.""",
    "aws-value": """\
AWS::Region, AWS::Partition and AWS::URLSuffix are the same on every cloud, AWS::AccountId is the
id of the project, and nobody is in AWS::NotificationARNs. It does no harm where a program on a
server is handed the value to talk to this service; in addresses, ARNs and comparisons it does.
Take a parameter instead. AWS::StackName and AWS::StackId are what they seem.""",
    "call-in-text": """\
Functions are called by maps, not inside of texts: "{ get_param: name }" within quotes reaches
the server as it stands. Take the quotes away, or fill a text in with str_replace.""",
    "crowded-call": """\
A call is a map with one key. With other keys beside it, the map is plain data, and the
function is not called. Put the call alone below the key whose value it is.""",
    "deprecated": """\
It works now and will not for ever, or it is kept for old templates only. The hint says what
takes its place.""",
    "fixed-condition": """\
A condition that is always the same decides nothing. Often a literal stands where a parameter
was meant: equals: [env, prod] compares two words, equals: [{get_param: env}, prod] a value.""",
    "ignored-constraint": """\
One entry of constraints holds one kind of constraint (besides its description). Of two kinds
in one entry only one counts. Make two entries of it, each with its own dash.""",
    "impossible-constraint": """\
No value fits, such as one between 10 and 5, or of a length below 0: whoever uses the template
cannot give a right value. Usually the bounds are swapped.""",
    "misplaced-call": """\
The map has the form of a call, but under this template version, or at this place, there is
no such function, so it is plain data. Correct the name, or say a newer template version.""",
    "misread-scalar": """\
YAML 1.1 reads 0755 as an octal number, 12:30 in base 60, 1.10 as 1.1, yes and no as booleans.
Quote what is meant as text: '0755'.""",
    "missing-output": """\
The nested template declares no such output, so the value will be missing when the stack
runs. Correct the name, or add the output to the nested template.""",
    "needless-sub": """\
A text without ${…} needs no Fn::Sub. Perhaps the braces are missing: $Name is not filled in.""",
    "odd-space": """\
A no-break space, as word processors and web pages put it, looks like a space and is none to
YAML: it becomes part of a key or of a value. Type an ordinary space instead.""",
    "repeated-dependency": """\
depends_on names a resource twice, or one that get_resource or get_attr refers to anyway. It
does no harm and says nothing.""",
    "repeated-value": """\
Listing an allowed value twice has no effect. Perhaps another value was meant.""",
    "same-branches": """\
The condition makes no difference. Perhaps one of the branches was not finished.""",
    "shown-secret": """\
Whoever may look at the stack reads the value of its outputs, though the parameter is hidden.
Leave the output out, or let a secret store hand the value over.""",
    "unfetched-template": """\
Lint works offline and fetches nothing. The service fetches and checks the template when the
stack is made. Download it to have it checked here.""",
    "unknown-constraint": """\
A custom constraint that nobody knows is not checked: every value passes. Its name looks like
that of a known one; correct it.""",
    "unknown-key": """\
Nothing reads the key, so what stands below it has no effect. Correct its name or take it
away.""",
    "unusable-default": """\
The parameter cannot have this value. Who gives no value of his own gets an error.""",
    "unused-condition": """\
Nothing asks for the condition. Either it can go, or the resource that should depend on it
lacks its condition.""",
    "unused-mapping": """\
Nothing looks anything up in the mapping. Either it can go, or a Fn::FindInMap is missing.""",
    "unused-parameter": """\
Nothing reads the parameter, so whatever is given for it changes nothing. Either it can go,
or the value that should read it is written out somewhere.""",
    "unused-placeholder": """\
The text does not hold the placeholder, so its value appears nowhere. Compare the spelling in
template and params: $name and name are different placeholders.""",
    "visible-secret": """\
Values of parameters are shown to everybody who may look at the stack, and are recorded as they
are. Say hidden: true (NoEcho: true in AWS-style templates), and they are sealed.""",
}
