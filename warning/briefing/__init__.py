"""What the office sends out on paper: letters to lead departments and bulletins, in the layout of official documents.

Where do I go to…
- a plan's letters: `letter`, their words: `letter_words`
- bulletins of a day, a 旬, an alert: what they say as values `bulletin`, in sentences `bulletin_words`; their forms
  `bulletin_docx`, `bulletin_pdf` (laid out by `bulletin.typ`), `bulletin_xlsx`, chosen in `forms`; pictures `charts`
- lay the paper: `official_page`; set a document's parts: `official_parts`, `official_type`; its tables:
  `official_table`; turn it into bytes: `docx_file`
"""
