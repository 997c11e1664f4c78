"""Lists and figures as files: CSV, XLSX, NDJSON and Parquet, each with a manifest."""
