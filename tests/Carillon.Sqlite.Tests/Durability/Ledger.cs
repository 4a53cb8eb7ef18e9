using Carillon.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.Durability;

/// <summary>A service on a file with a table of its own, in which every effect of a message is a row.</summary>
internal sealed class Ledger : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private Ledger(Action<ICarillonBuilder> configure, Action<SqliteOptions>? options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.AddCarillon("ledger", carillon => configure(carillon.UseSqlite(_folder.ConnectionString, options)));
        _host = builder.Build();
    }

    public IEventBus Bus => _host.Services.GetRequiredService<IEventBus>();

    public IDeadLetters DeadLetters => _host.Services.GetRequiredService<IDeadLetters>();

    public SqliteFile File => _host.Services.GetRequiredService<SqliteFile>();

    public TemporaryFolder Folder => _folder;

    public static async Task<Ledger> OpenAsync(Action<ICarillonBuilder> configure, Action<SqliteOptions>? options = null)
    {
        var ledger = new Ledger(configure, options);
        ledger.Execute("CREATE TABLE effects (entry TEXT NOT NULL)");
        await ledger._host.StartAsync(TestContext.Current.CancellationToken);
        return ledger;
    }

    /// <summary>Writes an effect within a transaction.</summary>
    public static void Write(IUnitOfWork work, string entry)
    {
        using var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = "INSERT INTO effects (entry) VALUES (@entry)";
        command.Parameters.Add(new SqliteParameter("@entry", entry));
        command.ExecuteNonQuery();
    }

    /// <summary>Every effect that is committed, in the order of commits.</summary>
    public IReadOnlyList<string> Effects()
    {
        using var connection = File.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT entry FROM effects ORDER BY rowid";
        using var rows = command.ExecuteReader();
        var effects = new List<string>();
        while (rows.Read())
            effects.Add(rows.GetString(0));
        return effects;
    }

    public Task HasEffectsAsync(int count) => Eventually.IsTrueAsync(() => Effects().Count >= count);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Executes a statement as a stranger would.</summary>
    public void Execute(string sql)
    {
        using var connection = File.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
