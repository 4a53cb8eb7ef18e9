using Microsoft.Extensions.Logging;

namespace Carillon.Testing.Tracing;

/// <summary>Writes what a process logs into the trace.</summary>
internal sealed class TraceLoggerFactory(SimulationTrace trace, string process) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
        // The trace is the only place to log to.
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => trace.IsWritten;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (trace.IsWritten)
            trace.Write(process, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} ({exception.GetType().Name}: {exception.Message})");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It holds nothing.
    }
}
