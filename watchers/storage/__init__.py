"""The database: schema, one module per aggregate, migrations. All SQL lives here."""
