using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>The files of a host: services that name the same one share its one writer. Lives and dies with the host's container.</summary>
internal sealed class SqliteFiles(TimeProvider? time = null, ILoggerFactory? loggers = null) : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SqliteFile File, SqliteOptions Options)> _files = new(RealPath.Comparer);

    /// <summary>The file for a service that starts, with the settings that it has read.</summary>
    /// <exception cref="CarillonConfigurationException">A setting is out of its range, or two services want different things of one file.</exception>
    public SqliteFile Start(SqliteLocation location, SqliteOptions options)
    {
        SqliteSettings.Validate(options);
        var (file, first) = Find(location, options);
        if (first != options)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"Two services of this host use {file.Path} with different options ({first} and {options}). Give both the same.");
        }

        return file;
    }

    /// <summary>The file, for whoever wants it. It may be asked for before the settings are read.</summary>
    public SqliteFile Get(SqliteLocation location, SqliteOptions options) => Find(location, options).File;

    public async ValueTask DisposeAsync()
    {
        foreach (var (file, _) in Take())
            await file.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var (file, _) in Take())
            file.Dispose();
    }

    private (SqliteFile File, SqliteOptions Options) Find(SqliteLocation location, SqliteOptions options)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(location.Path, out var known))
            {
                var logger = UnfailingLogger.Create(loggers, SqliteLog.Category);
                known = (new SqliteFile(location, options, time ?? TimeProvider.System, logger), options);
                _files.Add(location.Path, known);
            }

            return known;
        }
    }

    private (SqliteFile File, SqliteOptions Options)[] Take()
    {
        lock (_lock)
        {
            var files = _files.Values.ToArray();
            _files.Clear();
            return files;
        }
    }
}
