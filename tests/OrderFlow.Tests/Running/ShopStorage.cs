using Carillon.Tests;

namespace OrderFlow.Tests.Running;

/// <summary>Where a shop of a test keeps its data, and what tells it so; removed afterwards.</summary>
internal sealed class ShopStorage : IAsyncDisposable
{
    private readonly ShopFolder _folder = new();
    private readonly TestDatabase? _database;

    private ShopStorage(TestDatabase? database) => _database = database;

    /// <summary>The folder that the shop runs in.</summary>
    public string Folder => _folder.Path;

    /// <summary>What to add to its command line.</summary>
    public string[] Arguments => _database is null ? [] : ["--postgres", _database.ConnectionString];

    /// <summary>Makes a place for a shop.</summary>
    /// <param name="database"><c>sqlite</c> or <c>postgres</c>.</param>
    public static async Task<ShopStorage> CreateAsync(string database) => new(database == "postgres" ? await TestDatabase.CreateAsync() : null);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
    }
}
