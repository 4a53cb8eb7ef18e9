using System.Diagnostics;
using System.Reflection;

namespace Carillon.Simulations.Running;

/// <summary>The zoo, which is a program of its own because it is made of sources with bugs in them.</summary>
internal static class ZooProgram
{
    /// <summary>Runs it.</summary>
    /// <returns>Its exit code.</returns>
    public static int Run(IEnumerable<string> arguments)
    {
        var program = typeof(ZooProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Zoo").Value!;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]))!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
