namespace Carillon;

/// <summary>Code that needs the CLR type of a message as a type argument; see <see cref="MessageDefinition.Accept"/>.</summary>
/// <typeparam name="TState">What the caller passes in.</typeparam>
/// <typeparam name="TResult">What the caller gets back.</typeparam>
public interface IMessageVisitor<in TState, out TResult>
{
    /// <summary>Called with the definition of the message type.</summary>
    TResult Visit<TMessage>(MessageDefinition<TMessage> definition, TState state)
        where TMessage : notnull;
}
