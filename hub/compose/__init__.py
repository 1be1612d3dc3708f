"""Pure text work: what a message says, how phones count it, and what people answer.

Here the template language (`language`, `grammar`) and the one counter (`segments`); `extent/` tells
how wide a template can get, `rcs/` makes cards, `lint/` judges, `gallery/` reads `templates/`.
"""
