"""From a due message to a phone and back: written, paced, carried, and settled by what carriers
tell later."""
