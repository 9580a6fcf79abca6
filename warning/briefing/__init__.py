"""What the office sends out on paper: letters to lead departments, in the layout of official documents.

`letter` writes a plan's letters with the words of `letter_words`; `official_page` lays the paper, `official_parts` sets
a document's parts in order, `official_table` its tables, `docx_file` turns it into bytes. They serve any document.
"""
