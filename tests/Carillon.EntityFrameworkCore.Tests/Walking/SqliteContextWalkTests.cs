namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Walks over contexts on SQLite.</summary>
public sealed class SqliteContextWalkTests : ContextWalkTests<SqliteShopDatabase>
{
    protected override string Refusing =>
        """
        CREATE TRIGGER refusing BEFORE INSERT ON carillon_messages WHEN EXISTS (SELECT 1 FROM refusals)
        BEGIN SELECT RAISE(ABORT, 'refused'); END
        """;
}
