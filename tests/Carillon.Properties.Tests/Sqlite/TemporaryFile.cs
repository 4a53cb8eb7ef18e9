using Carillon.Relational;
using Carillon.Sqlite;

namespace Carillon.Properties.Tests.Sqlite;

/// <summary>A SQLite file of one test's own, deleted at its end. It can be closed and opened again, as by a process that starts anew.</summary>
internal sealed class TemporaryFile(TimeProvider time, int partitions = 4) : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carillon-properties-").FullName;
    private SqliteFiles _files = new(time);

    public SqliteFile File => _files.Start($"Data Source={Path.Combine(_folder, "test.db")}", new SqliteOptions { Partitions = partitions });

    public async Task<Database> OpenAsync() => await File.OpenAsync(TestContext.Current.CancellationToken);

    public async Task CloseAsync()
    {
        await _files.DisposeAsync();
        _files = new SqliteFiles(time);
    }

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
