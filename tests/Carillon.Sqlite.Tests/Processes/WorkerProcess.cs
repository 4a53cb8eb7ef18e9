using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>A second process. Disposing it kills it, if it still lives.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task _reading;

    private WorkerProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _lines), ReadAsync(process.StandardError, _errors));
    }

    public IEnumerable<string> Errors => _errors;

    public bool HasExited => _process.HasExited;

    public static WorkerProcess Start(string role, string connectionString, string name, int leaseMilliseconds = 10_000, long? heapLimitBytes = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (heapLimitBytes is { } limit)
            start.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("X", CultureInfo.InvariantCulture);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        foreach (var argument in (string[])[Program.Worker, role, connectionString, name, leaseMilliseconds.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>What it said so far about one thing.</summary>
    public List<string> Said(string what) =>
        [.. _lines.Where(line => line.StartsWith(what + " ", StringComparison.Ordinal)).Select(line => line[(what.Length + 1)..])];

    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Kills it as the kernel would, and returns when all that it had said has been read.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Lets it end by itself.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await _reading;
        Assert.True(_process.ExitCode == 0, $"The worker failed: {string.Join('\n', _errors)}");
    }

    public void Pause() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task ReadAsync(StreamReader reader, ConcurrentQueue<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
            lines.Enqueue(line);
    }
}
