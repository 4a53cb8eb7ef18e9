using Carillon.Relational;
using Carillon.Sqlite;

namespace Carillon.Properties.Tests.Sqlite;

/// <summary>A SQLite file of one test's own, deleted at its end. It can be closed and opened again, as by a process that starts anew.</summary>
internal sealed class TemporaryFile : IAsyncDisposable
{
    private const int Partitions = 4;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly bool _isOwner;
    private SqliteFiles _files;

    public TemporaryFile(TimeProvider time)
        : this(time, Directory.CreateTempSubdirectory("carillon-properties-").FullName, isOwner: true)
    {
    }

    private TemporaryFile(TimeProvider time, string folder, bool isOwner)
    {
        (_time, _folder, _isOwner) = (time, folder, isOwner);
        _files = new SqliteFiles(time);
    }

    public SqliteFile File => _files.Start(SqliteLocation.Parse($"Data Source={Path.Combine(_folder, "test.db")}"), new SqliteOptions { Partitions = Partitions });

    /// <summary>The same file as another process has it, with a writer of its own. Disposed before this one.</summary>
    public TemporaryFile Beside() => new(_time, _folder, isOwner: false);

    public async Task<Database> OpenAsync() => await File.OpenAsync(TestContext.Current.CancellationToken);

    public async Task CloseAsync()
    {
        await _files.DisposeAsync();
        _files = new SqliteFiles(_time);
    }

    public async ValueTask DisposeAsync()
    {
        await _files.DisposeAsync();
        if (_isOwner)
            Directory.Delete(_folder, recursive: true);
    }
}
