"""Tags on passages: what each is evidence of, whose words it is, and how it is put."""
