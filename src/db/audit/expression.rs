//! Reading a policy's expression as PostgreSQL prints it: does it bind a row to the context?
//!
//! What must stay true: `binds` answers yes only for a conjunction that contains the comparison itself, in one of the
//! forms that mean the same; anything that it does not know is a no. The text must come from `pg_get_expr` under an
//! empty `search_path`, so that names are qualified and every AND and OR stands in parentheses of its own.

use super::allow::Binding;

/// Whether the expression is the constant true.
pub fn is_true(expr: &str) -> bool {
    outer(expr) == "true"
}

/// Whether the expression can only hold for rows whose column equals the context.
pub fn binds(expr: &str, binding: Binding) -> bool {
    conjuncts(expr).iter().any(|part| compares(part, binding))
}

/// Whether alternatives (OR) decide alone, without a comparison beside them that binds the row.
pub fn has_alternatives(expr: &str) -> bool {
    mask_quotes(expr).contains(" OR ")
}

/// Whether there is a sub-select that reads a table. The wrapped call `( SELECT f() AS f)` reads none.
pub fn reads_rows(expr: &str) -> bool {
    let masked = mask_quotes(expr).split_whitespace().collect::<Vec<_>>().join(" ");
    masked.split("SELECT ").skip(1).any(|rest| {
        let mut depth = 0i32;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth < 0
        });
        let inner = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        inner.replace("DISTINCT FROM", "").contains(" FROM ")
    })
}

/// The body of a context function, reduced to what means something.
pub fn is_context_body(body: &str, setting: &str) -> bool {
    let reduced = reduce(body.trim().trim_end_matches(';'));
    let select = reduced.strip_prefix("select").or_else(|| reduced.strip_prefix("return")).unwrap_or(&reduced);
    let select = select.replace("pg_catalog.", "");
    raw_forms(setting).contains(&select)
}

fn raw_forms(setting: &str) -> [String; 2] {
    let inner = format!("nullifcurrent_setting'{setting}',true,''");
    [format!("{inner}::uuid"), format!("cast{inner}asuuid")]
}

fn compares(part: &str, binding: Binding) -> bool {
    let reduced = reduce(part);
    let call = format!("app.{}", binding.function);
    let mut values = vec![call.clone(), format!("select{call}as{}", binding.function)];
    for raw in raw_forms(binding.setting) {
        values.push(format!("select{raw}asnullif"));
        values.push(format!("select{raw}asuuid"));
        values.push(raw);
    }
    let column = binding.column;
    values.iter().any(|value| reduced == format!("{column}={value}") || reduced == format!("{value}={column}"))
}

/// Lower case, no white space, no parentheses, no casts of literals to text.
fn reduce(expr: &str) -> String {
    expr.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')'))
        .collect::<String>()
        .to_lowercase()
        .replace("'::text", "'")
}

/// The parts of a conjunction, however deeply nested.
fn conjuncts(expr: &str) -> Vec<&str> {
    let expr = outer(expr);
    let masked = mask_quotes(expr);
    let cuts = at_top(&masked, " AND ");
    if cuts.is_empty() || !at_top(&masked, " OR ").is_empty() || masked.starts_with("CASE ") {
        return vec![expr];
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for cut in cuts {
        parts.extend(conjuncts(&expr[from..cut]));
        from = cut + " AND ".len();
    }
    parts.extend(conjuncts(&expr[from..]));
    parts
}

/// Byte positions of a word outside all parentheses.
fn at_top(masked: &str, word: &str) -> Vec<usize> {
    let mut depth = 0i32;
    let mut found = Vec::new();
    for (at, c) in masked.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && masked[at..].starts_with(word) {
            found.push(at);
        }
    }
    found
}

/// Without the parentheses around the whole.
fn outer(expr: &str) -> &str {
    let mut expr = expr.trim();
    while let Some(inner) = expr.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 1i32;
        let closes_early = mask_quotes(inner).chars().any(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        if closes_early {
            break;
        }
        expr = inner.trim();
    }
    expr
}

/// Quoted text blanked out byte for byte, so that positions stay what they are.
fn mask_quotes(expr: &str) -> String {
    let mut quote: Option<char> = None;
    expr.chars()
        .flat_map(|c| {
            let hidden = match quote {
                Some(open) => {
                    if c == open {
                        quote = None;
                    }
                    true
                }
                None => {
                    if matches!(c, '\'' | '"') {
                        quote = Some(c);
                    }
                    quote.is_some()
                }
            };
            std::iter::repeat_n(if hidden { '_' } else { c }, if hidden { c.len_utf8() } else { 1 })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::allow::{PERSON, TENANT};
    use super::*;

    #[test]
    fn forms_that_bind() {
        for expr in [
            "(tenant_id = app.current_tenant_id())",
            "(app.current_tenant_id() = tenant_id)",
            "(tenant_id = ( SELECT app.current_tenant_id() AS current_tenant_id))",
            "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)",
            "((tenant_id = app.current_tenant_id()) AND (deleted_at IS NULL))",
            "(((a = 1) OR (b = ' OR ('::text)) AND ((c = 2) AND (tenant_id = app.current_tenant_id())))",
        ] {
            assert!(binds(expr, TENANT), "{expr}");
        }
    }

    #[test]
    fn forms_that_do_not() {
        for expr in [
            "true",
            "(id = app.current_tenant_id())",
            "(tenant_id = app.current_user_id())",
            "(tenant_id = (NULLIF(current_setting('app.tenantid'::text, true), ''::text))::uuid)",
            "((tenant_id = app.current_tenant_id()) OR is_admin)",
            "((tenant_id = app.current_tenant_id()) IS NOT FALSE)",
            "(NOT (tenant_id = app.current_tenant_id()))",
            "(tenant_id <> app.current_tenant_id())",
            "COALESCE((tenant_id = app.current_tenant_id()), true)",
            "(tenant_id = COALESCE(app.current_tenant_id(), tenant_id))",
            "((tenant_id)::text = (app.current_tenant_id())::text)",
            "CASE WHEN (a AND (tenant_id = app.current_tenant_id())) THEN true ELSE true END",
            "(note = ' AND (tenant_id = app.current_tenant_id()) AND '::text)",
        ] {
            assert!(!binds(expr, TENANT), "{expr}");
        }
        assert!(binds("(user_id = app.current_user_id())", PERSON));
    }

    #[test]
    fn sub_selects_and_bodies() {
        assert!(!reads_rows("(tenant_id = ( SELECT app.current_tenant_id() AS current_tenant_id))"));
        assert!(!reads_rows("(a IS DISTINCT FROM b)"));
        assert!(reads_rows("(EXISTS ( SELECT 1\n   FROM app.m\n  WHERE (m.id = x.id)))"));
        assert!(is_context_body(" select nullif(current_setting('app.tenant_id', true), '')::uuid ", "app.tenant_id"));
        assert!(!is_context_body(
            "select coalesce(nullif(current_setting('app.tenant_id', true), '')::uuid, x)",
            "app.tenant_id"
        ));
        assert!(!is_context_body("select current_setting('app.tenant_id', true)::uuid", "app.tenant_id"));
    }
}
