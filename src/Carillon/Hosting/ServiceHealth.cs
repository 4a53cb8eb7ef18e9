using System.Globalization;
using Carillon.Diagnostics;

namespace Carillon.Hosting;

/// <summary>Asks the parts of a service how they are, all at once, and takes no answer in time for an answer.</summary>
internal sealed class ServiceHealth(HealthOptions options, TimeProvider time)
{
    /// <summary>What is wrong, each thing once.</summary>
    public async ValueTask<IReadOnlyList<PartFinding>> CheckAsync(IReadOnlyList<IServicePart> parts, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.CheckTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var token = either.Token;
        var findings = await Task.WhenAll(parts.Select(part => AskAsync(part, token)));
        cancellation.ThrowIfCancellationRequested();
        return [.. findings.SelectMany(found => found).DistinctBy(found => found.Finding.Text)];
    }

    private async Task<IReadOnlyList<PartFinding>> AskAsync(IServicePart part, CancellationToken cancellation)
    {
        var asking = CheckAsync(part, cancellation);
        try
        {
            return [.. (await asking.WaitAsync(cancellation)).Select(finding => new PartFinding(part.Name, finding))];
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [Unhealthy(part, string.Create(CultureInfo.InvariantCulture, $"Within {options.CheckTimeout.TotalSeconds:0.###} s {part.Name} did not say how it is: what it depends on hangs."))];
        }
        catch (Exception error)
        {
            return [Unhealthy(part, $"How {part.Name} is cannot be told: {error.GetType().Name}: {new LogText(error.Message)}", error)];
        }
    }

    private static PartFinding Unhealthy(IServicePart part, string text, Exception? error = null) =>
        new(part.Name, new HealthFinding(HealthSeverity.Unhealthy, text) { Error = error });

    private static async Task<IReadOnlyList<HealthFinding>> CheckAsync(IServicePart part, CancellationToken cancellation)
    {
        await Task.Yield();
        return await part.CheckHealthAsync(cancellation);
    }
}
