using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Carillon.KillTests.Tests;

/// <summary>A run of the harness as a user starts it, when it is over.</summary>
internal sealed record FinishedRun(int ExitCode, string Output, string Errors)
{
    private static readonly string Program = typeof(FinishedRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Carillon.KillTests").Value!;

    /// <summary>The one line that it prints.</summary>
    public JsonElement Report => JsonDocument.Parse(Output).RootElement;

    public int this[string figure] => Report.GetProperty(figure).GetInt32();

    public static async Task<FinishedRun> RunAsync(params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new FinishedRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
