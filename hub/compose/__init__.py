"""Pure text work: what a message says, how phones count it, and what people answer."""
