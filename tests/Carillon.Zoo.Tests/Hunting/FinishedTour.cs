using System.Diagnostics;
using System.Reflection;

namespace Carillon.Zoo.Tests.Hunting;

/// <summary>A run of the zoo as a user starts it, when it is over.</summary>
internal sealed record FinishedTour(int ExitCode, string Output, string Errors)
{
    /// <summary>The folder of the bugs.</summary>
    public static string Bugs => Built("Carillon.Zoo.Bugs");

    public static async Task<FinishedTour> RunAsync(params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Built("Carillon.Zoo"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new FinishedTour(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Built(string what) => typeof(FinishedTour).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == what).Value!;
}
