using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Carillon.KillTests;

/// <summary>This program again, in a role.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    // Three times what it is given, because the machine has much else to do.
    private static readonly TimeSpan StopBound = 3 * HandlerRole.Grace;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = [];
    private readonly StreamWriter _log;
    private volatile bool _isReady;

    /// <summary>Starts it.</summary>
    public ChildProcess(RoleSettings settings)
    {
        Name = settings.Process;
        _log = new StreamWriter(Path.Combine(settings.Folder, $"{settings.Process}.log")) { AutoFlush = true };
        _process = new Process { StartInfo = Start(settings) };
        _process.OutputDataReceived += (_, line) => _isReady |= line.Data == Role.Ready;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Whether it was killed, by the harness or by itself.</summary>
    public bool WasKilled => _process.HasExited && _process.ExitCode == Signals.KilledExitCode;

    /// <summary>Waits until it works, or has ended.</summary>
    public async Task AwaitReadinessAsync(CancellationToken cancellation)
    {
        if (!await Patience.UntilAsync(() => _isReady || HasExited, Bound, cancellation))
            throw Failed($"did not start within {Bound.TotalSeconds} s");
    }

    /// <summary>Whether it stands still.</summary>
    public bool IsHalted => !HasExited && Signals.IsHalted(_process.Id);

    /// <summary>Sets a trap in it while it runs.</summary>
    public void Trap(PlannedFailpoint failpoint)
    {
        try
        {
            _process.StandardInput.WriteLine(failpoint.ToLine());
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has just ended.
        }
    }

    /// <summary>Lets it stand still.</summary>
    public void Halt() => Signals.Halt(_process.Id);

    /// <summary>Lets it go on.</summary>
    public void Continue()
    {
        if (!HasExited)
            Signals.Continue(_process.Id);
    }

    /// <summary>Asks it to stop, and waits until it has, cleanly, unless it was killed before.</summary>
    public async Task RetireAsync(CancellationToken cancellation)
    {
        Continue();
        await AwaitReadinessAsync(cancellation);
        if (!HasExited)
            Signals.Terminate(_process.Id);
        if (!await Patience.UntilAsync(() => HasExited, StopBound, cancellation))
            throw Failed($"was asked to stop, had {HandlerRole.Grace.TotalSeconds} s for it, and had not after {StopBound.TotalSeconds} s");
        if (_process.ExitCode != 0 && !WasKilled)
            throw Ended();
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it has ended.</summary>
    public async Task AwaitExitAsync(CancellationToken cancellation)
    {
        if (!await Patience.UntilAsync(() => HasExited, Bound, cancellation))
            throw Failed($"did not end within {Bound.TotalSeconds} s");
    }

    /// <summary>Asks it to stop, and waits until it has, cleanly.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await AwaitReadinessAsync(cancellation);
        if (!HasExited)
            Signals.Terminate(_process.Id);
        await AwaitExitAsync(cancellation);
        if (_process.ExitCode != 0)
            throw Ended();
    }

    /// <summary>What to say when it has ended and nobody asked for it.</summary>
    public KillTestFailedException Ended() => Failed(string.Create(CultureInfo.InvariantCulture, $"ended by itself with exit code {_process.ExitCode}"));

    public void Dispose()
    {
        if (!HasExited)
        {
            Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private KillTestFailedException Failed(string what) => new($"{Name} {what}. It said: {string.Join('\n', _said)}");

    private static ProcessStartInfo Start(RoleSettings settings)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] role = [RoleSettings.Command, settings.ToString()];
        return new ProcessStartInfo(program, isHost ? [typeof(ChildProcess).Assembly.Location, .. role] : role)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            _log.Dispose();
            return;
        }

        _log.WriteLine(line);
        _said.Enqueue(line);
        if (_said.Count > LinesKept)
            _said.TryDequeue(out _);
    }
}
