"""The kit that certifies a connector: a simulator on a real socket, and a battery of laws.

Where to begin: `simulator` says what a connector's own simulator must offer and serves it, `bench`
puts a connector on it, `checks/` holds the laws, one file per subject, each a function under
`@check(name, title, condition)`, and `certify` runs those that apply. `seeded/` holds faults that
any connector could have, `mutants` those that a folder names itself; `mutation` plants each and
hunts it: the kit is worth what it catches. `handsets` (phones), `courier` (callbacks), `sign_in`
(tokens), `keypair` and `discovery` (described APIs) are parts that simulators share. `sealing` and
`guard` keep all of it on this machine. `blank/` is what `hub connector new` writes.
"""
