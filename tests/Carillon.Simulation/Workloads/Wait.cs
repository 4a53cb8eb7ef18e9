using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulations.Workloads;

/// <summary>Work that takes time, which costs none: it is virtual.</summary>
internal static class Wait
{
    /// <summary>Waits in a handler, in the time of its process.</summary>
    public static Task ForAsync(TimeSpan duration, EventContext context, CancellationToken cancellation) =>
        Task.Delay(duration, context.Services.GetRequiredService<TimeProvider>(), cancellation);
}
