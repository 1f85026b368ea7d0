-- Takes the old row's bytes off the table's pages. (The write-ahead log and backups have them until they expire.)
vacuum eventstore.subject_keys;
