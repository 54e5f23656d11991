from valkey import StrictValkey as Valkey
