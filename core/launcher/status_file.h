/* STATE/status.json: what `status --json` shows, for those who may not read the rest of the state folder. */
#pragma once

/* After a run: writes it anew, 0644, by a file beside it and a rename. config: as typed behind --config, or NULL. What is
 * wrong with configuration and state was told by the run; that it cannot be written is told. */
void status_file_write(const char *state, const char *config);
