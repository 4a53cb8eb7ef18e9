using Microsoft.Data.Sqlite;

namespace Carillon.KillTests;

/// <summary>A file in the folder of the run, which goes with the folder.</summary>
internal sealed class FilePlace(string folder) : ITransportPlace, IOutagePlace
{
    /// <summary>The path of the file.</summary>
    public string Address { get; } = Path.Combine(folder, "kill.db");

    /// <summary>Takes the lock that every write needs, as a backup or a careless tool does.</summary>
    public Task<IAsyncDisposable> TakeAwayAsync(bool stands)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Address, Pooling = false, DefaultTimeout = 60 }.ConnectionString);
        connection.Open();
        var transaction = connection.BeginTransaction();
        return Task.FromResult<IAsyncDisposable>(new Restoration(() =>
        {
            transaction.Dispose();
            connection.Dispose();
            return ValueTask.CompletedTask;
        }));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
