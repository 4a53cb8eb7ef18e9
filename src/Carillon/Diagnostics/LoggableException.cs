namespace Carillon.Diagnostics;

/// <summary>Exceptions of other people's code on their way into a log: one that throws when it is read must not end what was being done.</summary>
internal static class LoggableException
{
    private const int MostBytes = 4_096;

    /// <summary>The exception itself, or one that stands for it when it cannot be read or has no end.</summary>
    public static Exception? Of(Exception? error)
    {
        if (error is not null && ExceptionChain.Of(error) is { HasMore: true } chain)
            return new InvalidOperationException(chain.Messages(MostBytes));
        try
        {
            _ = error?.ToString();
            return error;
        }
        catch (Exception unreadable)
        {
            return new InvalidOperationException($"({error!.GetType().FullName}: reading it threw {unreadable.GetType().FullName})");
        }
    }
}
