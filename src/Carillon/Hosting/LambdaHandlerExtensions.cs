using System.Diagnostics.CodeAnalysis;
using Carillon.Events;

namespace Carillon;

/// <summary>Handlers that are lambdas, for small programs and tests.</summary>
public static class LambdaHandlerExtensions
{
    private const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.All;

    /// <summary>Handles a message.</summary>
    /// <typeparam name="TMessage">The message's type, marked with <see cref="EventAttribute"/> or <see cref="CommandAttribute"/>.</typeparam>
    /// <param name="carillon">The service.</param>
    /// <param name="handle">What to do.</param>
    /// <param name="subscription">A subscription of its own within the service, or null for the service's.</param>
    public static ICarillonBuilder On<[DynamicallyAccessedMembers(Needed)] TMessage>(
        this ICarillonBuilder carillon, Action<TMessage> handle, string? subscription = null)
        where TMessage : notnull => Add<TMessage>(carillon, subscription, (message, _, _) =>
        {
            handle(message);
            return ValueTask.CompletedTask;
        });

    /// <summary>Handles a message.</summary>
    /// <inheritdoc cref="On{TMessage}(ICarillonBuilder, Action{TMessage}, string?)"/>
    public static ICarillonBuilder On<[DynamicallyAccessedMembers(Needed)] TMessage>(
        this ICarillonBuilder carillon, Func<TMessage, Task> handle, string? subscription = null)
        where TMessage : notnull => Add<TMessage>(carillon, subscription, (message, _, _) => new ValueTask(handle(message)));

    /// <summary>Handles a message with what surrounds it.</summary>
    /// <inheritdoc cref="On{TMessage}(ICarillonBuilder, Action{TMessage}, string?)"/>
    public static ICarillonBuilder On<[DynamicallyAccessedMembers(Needed)] TMessage>(
        this ICarillonBuilder carillon, Action<TMessage, EventContext> handle, string? subscription = null)
        where TMessage : notnull => Add<TMessage>(carillon, subscription, (message, context, _) =>
        {
            handle(message, context);
            return ValueTask.CompletedTask;
        });

    /// <summary>Handles a message with what surrounds it.</summary>
    /// <inheritdoc cref="On{TMessage}(ICarillonBuilder, Action{TMessage}, string?)"/>
    public static ICarillonBuilder On<[DynamicallyAccessedMembers(Needed)] TMessage>(
        this ICarillonBuilder carillon, Func<TMessage, EventContext, Task> handle, string? subscription = null)
        where TMessage : notnull => Add<TMessage>(carillon, subscription, (message, context, _) => new ValueTask(handle(message, context)));

    private static ICarillonBuilder Add<[DynamicallyAccessedMembers(Needed)] TMessage>(
        ICarillonBuilder carillon, string? subscription, HandlerDelegate<TMessage> invoke)
        where TMessage : notnull
    {
        var message = AttributedMessage.Define<TMessage>();
        return carillon.AddHandler(new HandlerDefinition<TMessage>($"On({typeof(TMessage).Name})", message, invoke) { Subscription = subscription });
    }
}
