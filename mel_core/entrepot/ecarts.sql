-- nom: ecarts
-- Grain: one row. Rows of table $avant and of table $apres (qualified names) set against each other by their key, the
-- columns $cle: how many on each side, how many are new, gone, or there on both sides with another content. A column that
-- one side did not have yet is unknown there.
with anciennes as (
    select concat_ws(chr(31), *columns($cle)) as cle, hash(t) as empreinte
    from (from query_table($avant) union all by name (from query_table($apres) limit 0)) t
),
nouvelles as (
    select concat_ws(chr(31), *columns($cle)) as cle, hash(t) as empreinte
    from ((from query_table($avant) limit 0) union all by name from query_table($apres)) t
)
select count(a.cle) as avant,
    count(n.cle) as apres,
    count(*) filter (where a.cle is null) as ajoutees,
    count(*) filter (where n.cle is null) as parties,
    count(*) filter (where a.empreinte <> n.empreinte) as changees
from anciennes a
full join nouvelles n using (cle);
