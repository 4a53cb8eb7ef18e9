using Carillon.Testing.Processes;

namespace Carillon.Testing.Faults;

/// <summary>Lets what goes wrong in handlers happen in those of one process.</summary>
internal sealed class HandlerFaultMiddleware(HandlerFaults faults, SimulatedProcess process) : IEventMiddleware
{
    /// <inheritdoc/>
    public async ValueTask InvokeAsync(EventContext context, EventDelegate next)
    {
        await faults.StrikeAsync(process, context);
        await next(context);
    }
}
