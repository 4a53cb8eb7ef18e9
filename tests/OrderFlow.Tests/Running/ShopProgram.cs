using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OrderFlow.Tests.Running;

/// <summary>A running OrderFlow process. Disposing kills it, whatever happened.</summary>
internal sealed partial class ShopProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Assembly = typeof(ShopProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "OrderFlow").Value!;

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShopProgram(string workingFolder, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(Output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(Errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The lines that the process printed.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    /// <summary>The lines that it printed to standard error.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    /// <summary>Its HTTP address; only after <see cref="StartAsync"/>.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts a shop, or one service of it, on a free port, and waits until it listens.</summary>
    public static async Task<ShopProgram> StartAsync(string folder, params string[] arguments)
    {
        var program = new ShopProgram(folder, ["--port", "0", .. arguments], []);
        try
        {
            program.Http = new HttpClient { BaseAddress = await program.ListenAsync() };
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program until it ends by itself.</summary>
    public static async Task<FinishedProgram> RunAsync(
        string folder, string[] arguments, params KeyValuePair<string, string>[] environment)
    {
        await using var program = new ShopProgram(folder, arguments, environment);
        await program.ExitAsync();
        return new FinishedProgram(program._process.ExitCode, [.. program.Output], [.. program.Errors]);
    }

    /// <summary>Kills the process at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>Asks the process to stop, as <c>kill</c> does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        const int sigterm = 15;
        Assert.Equal(0, Signal(_process.Id, sigterm));
        await ExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<Uri> ListenAsync() =>
        await _address.Task.WaitAsync(Patience, TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"The shop ended before it listened: {string.Join('\n', Errors.Concat(Output))}");

    private async Task ExitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The shop did not end within {Patience}: {string.Join('\n', Errors.Concat(Output).TakeLast(20))}");
        }
    }

    private void Note(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            if (lines == Output)
                _address.TrySetResult(null);
            return;
        }

        lines.Enqueue(line);
        const string before = "listens on ";
        if (line.IndexOf(before, StringComparison.Ordinal) is >= 0 and var start)
            _address.TrySetResult(new Uri(line[(start + before.Length)..].Split(',')[0]));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
