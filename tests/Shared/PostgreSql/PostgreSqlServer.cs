using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Carillon.Tests;

/// <summary>
/// A server of the test's own, which it may stop, kill and start again. Its data is in the temporary folder and outlives being killed, but
/// not being disposed.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private readonly string _folder;
    private Process? _process;
    private bool _isMounted;

    private PostgreSqlServer(string folder, int port)
    {
        _folder = folder;
        Port = port;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres");
    }

    /// <summary>The port on the loopback address; the same for the whole life of the server.</summary>
    public int Port { get; }

    /// <summary>The administrator, on the database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process is { HasExited: true };

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Creates and starts a server.</summary>
    /// <param name="settings">Settings of the server, such as <c>max_connections=20</c>.</param>
    public static async Task<PostgreSqlServer> CreateAsync(params string[] settings)
    {
        if (PostgreSqlPrograms.Folder is null)
            throw new InvalidOperationException("The programs of PostgreSQL are not installed here (Debian package postgresql).");
        var server = new PostgreSqlServer(await PostgreSqlPrograms.CreateFolderAsync(), FreePort.Find());
        return await server.StartFirstAsync(settings, "initdb",
            "--pgdata", server.Data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    /// <summary>Creates and starts a server whose data are on a small disk of their own; null where that cannot be mounted.</summary>
    public static async Task<PostgreSqlServer?> CreateOnSmallDiskAsync(int megabytes)
    {
        var folder = await PostgreSqlPrograms.CreateFolderAsync();
        if (!await PostgreSqlPrograms.MountAsync(folder, megabytes))
        {
            Directory.Delete(folder);
            return null;
        }

        var server = new PostgreSqlServer(folder, FreePort.Find()) { _isMounted = true };
        return await server.StartFirstAsync(["wal_recycle=off", "min_wal_size=32MB", "max_wal_size=48MB"], "initdb",
            "--pgdata", server.Data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
    }

    /// <summary>Fills its disk up to a few megabytes.</summary>
    /// <returns>The file to delete.</returns>
    public string FillDisk(int leaveMegabytes)
    {
        var ballast = Path.Combine(_folder, "ballast");
        File.WriteAllBytes(ballast, new byte[new DriveInfo(_folder).AvailableFreeSpace - ((long)leaveMegabytes << 20)]);
        return ballast;
    }

    /// <summary>Creates and starts a standby of this server, which repeats what it writes.</summary>
    public async Task<PostgreSqlServer> CreateStandbyAsync()
    {
        var standby = new PostgreSqlServer(await PostgreSqlPrograms.CreateFolderAsync(), FreePort.Find());
        return await standby.StartFirstAsync([], "pg_basebackup",
            "--pgdata", standby.Data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", $"--dbname=host=127.0.0.1 port={Port} user=postgres");
    }

    /// <summary>Starts it, for the first time or again, and waits until it answers.</summary>
    public async Task StartAsync(params string[] settings)
    {
        _process = PostgreSqlPrograms.Start("postgres", _folder,
            ["-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", _folder, "-c", "listen_addresses=127.0.0.1", .. settings.SelectMany(setting => new[] { "-c", setting })]);
        _process.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (TimeProvider.System.GetElapsedTime(began) > StartBound)
                throw new TimeoutException($"The server did not answer within {StartBound.TotalSeconds} s.");
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Look, TimeProvider.System));
        }
    }

    /// <summary>Ends it and all its processes at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        var children = Children();
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        // The server does not start again while one of them still holds its memory; they have only to die.
        while (children.Any(IsAlive))
            await Task.Yield();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets it stop in the middle of whatever it does, without ending anything, as a machine that hangs.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>Stops it in good order; open connections are ended.</summary>
    public async Task StopAsync()
    {
        await PostgreSqlPrograms.RunAsync("pg_ctl", _folder, "stop", "--pgdata", Data, "--mode=fast", "--silent");
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        if (_isMounted)
            await PostgreSqlPrograms.UnmountAsync(_folder);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<PostgreSqlServer> StartFirstAsync(string[] settings, string program, params string[] arguments)
    {
        try
        {
            await PostgreSqlPrograms.RunAsync(program, _folder, arguments);
            await StartAsync(settings);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var send = Process.Start("kill", [signal, .. Children().Prepend(_process!.Id).Select(id => id.ToString(CultureInfo.InvariantCulture))]);
        await send.WaitForExitAsync();
    }

    private List<int> Children() =>
    [
        .. Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && StatusOf(id) is [_, var parent, ..] && parent == _process!.Id.ToString(CultureInfo.InvariantCulture)),
    ];

    // What has ended and was not collected by its parent yet holds nothing any more.
    private static bool IsAlive(int process) => StatusOf(process) is [not "Z", ..];

    /// <summary>The state of a process, its parent and more; nothing when there is none.</summary>
    private static string[] StatusOf(int process)
    {
        try
        {
            // The name of the program, in parentheses, may hold anything.
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[(status.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private async ValueTask<bool> AnswersAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
