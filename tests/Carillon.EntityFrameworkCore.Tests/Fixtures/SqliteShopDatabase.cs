using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteShopDatabase : ShopDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carillon-ef-");

    public override string Failing => "INSERT OR ROLLBACK INTO Orders (Id, Customer, Number, Total) VALUES ('1', 'a', -1, 0), ('2', 'a', -1, 0)";

    public override string Refusing =>
        """
        CREATE TRIGGER refusing BEFORE INSERT ON carillon_messages WHEN EXISTS (SELECT 1 FROM refusals)
        BEGIN SELECT RAISE(ABORT, 'refused'); END
        """;

    public override string HarmlessSetting => "Default Timeout=31";

    private string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "shop.db")}";

    public override void Use(ICarillonBuilder carillon) => carillon.UseSqlite(ConnectionString);

    public override void Use(DbContextOptionsBuilder options) => options.UseSqlite(ConnectionString);

    public override void Use(DbContextOptionsBuilder options, string settings) => options.UseSqlite($"{ConnectionString};{settings}");

    public override void UseOtherWords(DbContextOptionsBuilder options)
    {
        var link = Path.Combine(_folder.FullName, "link");
        if (!Path.Exists(link))
            Directory.CreateSymbolicLink(link, _folder.FullName);
        options.UseSqlite($"Data Source={Path.Combine(link, "shop.db")}");
    }

    public override void UseAnother(DbContextOptionsBuilder options) => options.UseSqlite($"Data Source={Path.Combine(_folder.FullName, "another.db")}");

    public override void Use(DbContextOptionsBuilder options, DbConnection connection) => options.UseSqlite(connection);

    public override void UseRetrying(DbContextOptionsBuilder options, Func<ExecutionStrategyDependencies, IExecutionStrategy> create) =>
        options.UseSqlite(ConnectionString, sqlite => sqlite.ExecutionStrategy(create));

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
