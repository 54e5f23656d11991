"""How each booted project is read: who asks, and which rows the parameters of its URLs name."""
