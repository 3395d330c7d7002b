"""Households as they stood on a day and were known at a moment, with the income of their file: the ground of figures."""

# $1 area, $2 day, $3 known before. The income by the head is rounded half up to the fen, as the file's own is.
HOUSEHOLDS = """
content AS (
    SELECT DISTINCT ON (household_id) household_id, area_code, category, persons, moved_out,
        wage_income_fen + business_income_fen + transfer_income_fen + property_income_fen - production_cost_fen AS net
    FROM household_version
    WHERE valid_from <= $2 AND ($3::timestamptz IS NULL OR recorded_at < $3)
    ORDER BY household_id, version DESC, moved_out
), standing AS (
    SELECT DISTINCT ON (household_id) household_id, status FROM household_standing
    WHERE since <= $2 AND ($3::timestamptz IS NULL OR recorded_at < $3)
    ORDER BY household_id, version DESC
), filed AS (
    SELECT c.household_id, c.area_code, c.category, c.persons, s.status,
        floor((2 * c.net + c.persons)::numeric / (2 * c.persons))::bigint AS income
    FROM content AS c JOIN standing AS s USING (household_id)
    WHERE starts_with(c.area_code, $1) AND NOT c.moved_out
)
"""
