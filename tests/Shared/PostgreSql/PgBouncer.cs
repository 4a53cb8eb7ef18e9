using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Carillon.Tests;

/// <summary>A real PgBouncer before a server, of the test's own, run as a user that it accepts: like the server it refuses to be root.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private readonly string _folder;
    private Process? _process;

    private PgBouncer(string folder) => _folder = folder;

    /// <summary>The port on the loopback address; the same for its whole life.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>Starts one before the server of the tests, or skips the test where there can be none.</summary>
    /// <param name="mode">The pool mode: <c>session</c>, <c>transaction</c> or <c>statement</c>.</param>
    /// <param name="settings">More settings, such as <c>default_pool_size=1</c>.</param>
    public static async Task<PgBouncer> StartAsync(string mode = "transaction", params string[] settings) =>
        await StartAsync(await PostgreSqlAddress.GetAsync(), mode, settings);

    /// <summary>Starts one before a server.</summary>
    public static async Task<PgBouncer> StartAsync(NpgsqlConnectionStringBuilder server, string mode, params string[] settings)
    {
        var program = FindProgram();
        if (program is null)
        {
            const string Reason = "No PgBouncer: its program is not installed here (Debian package pgbouncer).";
            if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
                Assert.Fail(Reason);
            Assert.Skip(Reason);
        }

        var pooler = new PgBouncer(await PostgreSqlPrograms.CreateFolderAsync());
        try
        {
            await pooler.StartAsync(program!, server, mode, settings);
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same database by way of the pooler.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(string program, NpgsqlConnectionStringBuilder server, string mode, string[] settings)
    {
        var users = Path.Combine(_folder, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{server.Username}\" \"{server.Password}\"\n");
        var configuration = Path.Combine(_folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture,
            $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = {mode}
            max_client_conn = 1000
            {string.Join('\n', settings)}

            """));
        _process = PostgreSqlPrograms.StartAt(program, _folder, "-q", configuration);
        _process.BeginErrorReadLine();
        var began = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(server))
        {
            if (TimeProvider.System.GetElapsedTime(began) > StartBound)
                throw new TimeoutException($"PgBouncer did not answer within {StartBound.TotalSeconds} s.");
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Look, TimeProvider.System));
        }
    }

    private async ValueTask<bool> AnswersAsync(NpgsqlConnectionStringBuilder server)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"PgBouncer ended with {_process.ExitCode}.");
        try
        {
            await using var connection = new NpgsqlConnection($"{Through(server.ConnectionString)};Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string? FindProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists);
}
