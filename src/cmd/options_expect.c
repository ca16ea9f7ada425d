/* The options that say what is expected. */

#include "base/err.h"
#include "cmd/options_table.h"

int
option_set_expect(const struct setting *s)
{
	char why[EXPECT_WHY_MAX];
	int r;

	if (s->o->expect == NULL && (s->o->expect = expect_new()) == NULL)
		return option_refuse(s, "no memory");
	r = expect_add(s->o->expect, (enum expect_kind)s->row->field, s->value, why);
	if (r == 0)
		return 0;
	return option_refuse(s, "%s", r == ERR_NOMEM ? "no memory" : why);
}
