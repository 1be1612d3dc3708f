"""The proof that nothing is lost and nothing sent twice while parts of a whole hub die: a shop and
carriers of its own, a load, faults by a seed, and a count kept where nothing is ever killed."""
