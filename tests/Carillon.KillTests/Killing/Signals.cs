using System.Runtime.InteropServices;

namespace Carillon.KillTests;

/// <summary>Signals to processes.</summary>
internal static partial class Signals
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;

    /// <summary>The exit code of a process that was killed, as the runtime reports it.</summary>
    public const int KilledExitCode = 128 + Sigkill;

    /// <summary>Ends this process at once, as <c>kill -9</c> does: nothing is flushed, closed or finished.</summary>
    public static void KillSelf() => _ = Send(Environment.ProcessId, Sigkill);

    /// <summary>Asks a process to stop, as <c>kill</c> does.</summary>
    public static void Terminate(int process) => _ = Send(process, Sigterm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
