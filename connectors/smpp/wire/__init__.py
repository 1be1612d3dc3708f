"""What goes over the wire: SMPP 3.4's units, the phones' alphabet, parts, receipts."""
