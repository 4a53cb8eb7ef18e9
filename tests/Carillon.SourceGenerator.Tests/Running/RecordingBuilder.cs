using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>A builder that keeps what is added to it.</summary>
internal sealed class RecordingBuilder : ICarillonBuilder
{
    public string Service => "sample";

    public IServiceCollection Services { get; } = new ServiceCollection();

    public List<HandlerDefinition> Handlers { get; } = [];

    public List<MessageDefinition> Messages { get; } = [];

    public TOptions Options<TOptions>()
        where TOptions : class, new() => new();

    public ICarillonBuilder AddHandler(HandlerDefinition handler)
    {
        Handlers.Add(handler);
        return this;
    }

    public ICarillonBuilder AddMessage(MessageDefinition message)
    {
        Messages.Add(message);
        return this;
    }

    public ICarillonBuilder UseTransport(string name, Func<IServiceProvider, ITransport> create) => this;

    public ICarillonBuilder UseStorePart<TPart>(Func<IServiceProvider, TPart> create)
        where TPart : class => this;

    public bool HasStorePart<TPart>()
        where TPart : class => false;

    public ICarillonBuilder AddServicePart(Func<IServiceProvider, IServicePart> create) => this;

    public ICarillonBuilder ReadSettings(string section, Action<SettingsReader> read) => this;
}
