using System.Runtime.InteropServices;

namespace Carillon.KillTests;

/// <summary>Signals to processes.</summary>
internal static partial class Signals
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>The exit code of a process that was killed, as the runtime reports it.</summary>
    public const int KilledExitCode = 128 + Sigkill;

    /// <summary>Ends this process at once, as <c>kill -9</c> does: nothing is flushed, closed or finished.</summary>
    public static void KillSelf() => _ = Send(Environment.ProcessId, Sigkill);

    /// <summary>Asks a process to stop, as <c>kill</c> does.</summary>
    public static void Terminate(int process) => _ = Send(process, Sigterm);

    /// <summary>Lets this process stand still, in the middle of everything, until somebody lets it go on.</summary>
    public static void HaltSelf() => Halt(Environment.ProcessId);

    /// <summary>Lets a process stand still until it is let go on.</summary>
    public static void Halt(int process) => _ = Send(process, Sigstop);

    /// <summary>Lets a process go on.</summary>
    public static void Continue(int process) => _ = Send(process, Sigcont);

    /// <summary>Whether a process stands still.</summary>
    public static bool IsHalted(int process)
    {
        try
        {
            // The name of the program, in parentheses, may hold anything.
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
