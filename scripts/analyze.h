/* The macros of other libraries that cppcheck must know; read by scripts/analyze alone. */
#define json_array_foreach(array, index, value)                                                              \
	for (index = 0; index < json_array_size(array) && (value = json_array_get(array, index)); index++)
#define json_object_foreach(object, key, value) for (key = first(object); key && (value = item(object)); key = first(object))
#define json_object_foreach_safe(object, n, key, value)                                                      \
	for (key = first(object), n = first(object); key && (value = item(object)); key = n)
#define LIST_HEAD(name, type)   struct name { struct type *lh_first; }
#define LIST_ENTRY(type)        struct { struct type *le_next, **le_prev; }
#define LIST_FOREACH(var, head, field) for (var = (head)->lh_first; var; var = var->field.le_next)
#define TAILQ_HEAD(name, type)  struct name { struct type *tqh_first, **tqh_last; }
#define TAILQ_ENTRY(type)       struct { struct type *tqe_next, **tqe_prev; }
#define TAILQ_FOREACH(var, head, field) for (var = (head)->tqh_first; var; var = var->field.tqe_next)
#define STAILQ_HEAD(name, type) struct name { struct type *stqh_first, **stqh_last; }
#define STAILQ_ENTRY(type)      struct { struct type *stqe_next; }
#define STAILQ_FOREACH(var, head, field) for (var = (head)->stqh_first; var; var = var->field.stqe_next)
