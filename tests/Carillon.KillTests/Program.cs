using System.Runtime.InteropServices;
using Carillon.KillTests;

const int violated = 1;
const int wrongUse = 2;

if (args is ["--help"] or ["-h"] or ["help"])
{
    Console.WriteLine(KillTestArguments.Usage);
    return 0;
}

if (args is [RoleSettings.Command, var settings])
    return await Role.RunAsync(RoleSettings.Parse(settings));

try
{
    using var interrupted = new CancellationTokenSource();
    using var pressed = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
    using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
    var report = await KillTest.RunAsync(KillTestArguments.Parse(args), Console.Error, interrupted.Token);
    Console.WriteLine(report.ToJson());
    return report.IsClean ? 0 : violated;

    void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
catch (KillTestArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n{KillTestArguments.Usage}");
    return wrongUse;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Interrupted: nothing is shown by this run.");
    return violated;
}
