using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Events;

namespace Carillon.Serialization;

/// <summary>Turns messages into JSON and back by System.Text.Json. Safe to use by several callers at once.</summary>
internal sealed class JsonMessageSerializer
{
    public const string ContentType = "application/json";

    private readonly EnvelopeLimits _limits;
    private readonly JsonSerializerOptions _reading;
    private readonly JsonSerializerOptions _writing;
    private readonly JsonWriterOptions _writerOptions;
    private readonly WrittenBodyInspector _written;
    private readonly MessageSlots<WrittenType> _types = new();
    private readonly UnknownFields _unknownFields = new();

    public JsonMessageSerializer(MessageJsonOptions json, EnvelopeLimits limits)
    {
        _limits = limits;
        _reading = JsonTypes.CreateOptions(json.Serializer, limits, _unknownFields.Observe);
        _writing = JsonTypes.CreateOptions(json.Serializer, limits, JsonTypes.WriteWhatIsRequired);
        _written = new WrittenBodyInspector(limits, TryRead);
        _writerOptions = new JsonWriterOptions { Encoder = _writing.Encoder, MaxDepth = limits.Depth, SkipValidation = true };
    }

    /// <summary>How many properties of received bodies were unknown to their types, since the start.</summary>
    public long UnknownFieldCount => _unknownFields.Seen;

    /// <summary>Turns a message into its body: the one array that is allocated has the body's exact size.</summary>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.SerializationFailed"/>, <see cref="ErrorCodes.MessageTooLarge"/>, or <see cref="ErrorCodes.UnreadableMessage"/>: receivers would
    /// refuse it.
    /// </exception>
    public ReadOnlyMemory<byte> Serialize<TMessage>(MessageDefinition<TMessage> definition, TMessage message)
        where TMessage : notnull
    {
        var buffer = BodyBuffer.Rent(_limits.BodyBytes, _writerOptions);
        try
        {
            var type = TypeOf(definition);
            JsonSerializer.Serialize(buffer.Writer, message, Unsafe.As<JsonTypeInfo<TMessage>>(type.Json));
            var body = buffer.Complete();
            return _written.Inspect(type, body) is { } defect ? throw Unreadable(definition, defect) : body.ToArray();
        }
        catch (BodyLimitException)
        {
            throw new CarillonException(ErrorCodes.MessageTooLarge,
                $"{definition.Name} is larger than {_limits.BodyBytes} bytes: send less, or raise Carillon:Limits:BodyBytes for its publishers and subscribers.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException && buffer.Writer.CurrentDepth >= _limits.Depth)
        {
            throw Unreadable(definition, new EnvelopeDefect(ErrorCodes.TooDeep, $"The body nests deeper than {_limits.Depth}."), exception);
        }
        catch (Exception exception) when (exception is not (CarillonException or OutOfMemoryException))
        {
            throw new CarillonException(ErrorCodes.SerializationFailed, $"{definition.Name} ({definition.ClrType}) could not be turned into JSON: {exception.Message}", exception);
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>Turns a body into the message that the definition names. Throws nothing else than is listed here.</summary>
    /// <exception cref="MessageRejectedException">The body is not the JSON that the type asks for.</exception>
    public object Deserialize(MessageDefinition definition, in ReadOnlyMemory<byte> body)
    {
        return Read(definition.ClrType, JsonText.SkipByteOrderMark(body.Span));
    }

    /// <summary>Makes sure that messages of a type can be read and written, so that a missing type is found at start.</summary>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public void Verify(MessageDefinition definition)
    {
        try
        {
            _reading.GetTypeInfo(definition.ClrType);
            _writing.GetTypeInfo(definition.ClrType);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"{definition.ClrType} cannot be turned into JSON: add it to a JsonSerializerContext and name the context with UseJson. {exception.Message}", exception);
        }
    }

    /// <summary>Whether the type declares how its derived types are written.</summary>
    public bool WritesDerivedTypes<TMessage>(MessageDefinition<TMessage> definition)
        where TMessage : notnull => TypeOf(definition).Json.PolymorphismOptions is not null;

    private static CarillonException Unreadable(MessageDefinition definition, EnvelopeDefect defect, Exception? cause = null)
    {
        var advice = defect.Code switch
        {
            ErrorCodes.TooDeep => "Nest less, or raise Carillon:Limits:Depth for its publishers and subscribers.",
            ErrorCodes.TooManyProperties => "Split it into several messages, or raise Carillon:Limits:Properties for its publishers and subscribers.",
            _ => "Look at what its JsonElement, JsonNode, dictionaries and extension data hold: in one object every name stands once, and none is that of a declared property.",
        };
        return new CarillonException(ErrorCodes.UnreadableMessage,
            $"{definition.Name} ({definition.ClrType}) was not published, because its receivers would refuse it with {defect.Code}: {defect.Detail} {advice}", cause);
    }

    private object Read(Type type, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            throw new MessageRejectedException(ErrorCodes.EmptyBody, "The body is empty.");
        try
        {
            return JsonSerializer.Deserialize(json, _reading.GetTypeInfo(type)) ?? throw new MessageRejectedException(ErrorCodes.MalformedBody, "The body is null.");
        }
        catch (Exception exception) when (exception is not (MessageRejectedException or OutOfMemoryException))
        {
            throw BodyRejection.Explain(json, exception, _limits);
        }
    }

    private EnvelopeDefect? TryRead(Type type, ReadOnlySpan<byte> json)
    {
        try
        {
            Read(type, json);
            return null;
        }
        catch (MessageRejectedException rejection)
        {
            // A type that is only written here is for others to read.
            return rejection.InnerException is NotSupportedException ? null : rejection.ToDefect();
        }
    }

    private WrittenType TypeOf<TMessage>(MessageDefinition<TMessage> definition)
        where TMessage : notnull
    {
        if (_types.Get<TMessage>() is { } known)
            return known;
        var json = _writing.GetTypeInfo(definition.ClrType);
        var type = new WrittenType(json, BodyFreedoms.Of(json));
        _types.Set<TMessage>(type);
        return type;
    }
}
