/* Which machine this is. */
#pragma once

/* Its machine-id(5), or what BSD has instead, else its host name; "" when it has neither. New string. */
char *machine_id(void);
