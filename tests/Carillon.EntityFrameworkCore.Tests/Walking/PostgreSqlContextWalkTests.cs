namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Walks over contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextWalkTests : ContextWalkTests<PostgreSqlShopDatabase>
{
    protected override string Refusing =>
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF EXISTS (SELECT 1 FROM refusals) THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refusing BEFORE INSERT ON carillon_messages FOR EACH ROW EXECUTE FUNCTION refuse()
        """;
}
