using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon;

/// <summary>
/// A whole host with one service in a few lines, for a first try, a script or a test. What it can do, <c>AddCarillon</c> can do in any
/// host; everything else of that host is at <see cref="Builder"/>.
/// </summary>
public sealed class CarillonApp : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private ICarillonBuilder? _carillon;
    private IHost? _host;

    private CarillonApp(HostApplicationBuilder builder, string service)
    {
        Builder = builder;
        builder.AddCarillon(service, carillon => _carillon = carillon);
    }

    /// <summary>The host's builder, for configuration, logging and other services. Changes count until the app is started.</summary>
    public HostApplicationBuilder Builder { get; }

    /// <summary>The host's services. Using them builds the host: nothing can be configured afterwards.</summary>
    public IServiceProvider Services => Host.Services;

    /// <summary>The service's bus. It works once the app is started.</summary>
    public IEventBus Bus => Services.GetRequiredService<IEventBus>();

    private IHost Host
    {
        get
        {
            lock (_gate)
                return _host ??= Build();
        }
    }

    /// <summary>Makes an app.</summary>
    /// <param name="args">The command line, read as configuration.</param>
    /// <param name="service">The service's name. Default <c>app</c>.</param>
    public static CarillonApp Create(string[]? args = null, string service = "app") =>
        new(Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(args ?? []), service);

    /// <summary>Configures the service: its transport, its handlers and everything else. In memory is used when no transport is chosen here.</summary>
    public CarillonApp Configure(Action<ICarillonBuilder> configure)
    {
        lock (_gate)
        {
            if (_host is not null)
                throw new InvalidOperationException("The app was built already: configure it before it is started and before its bus or services are used.");
            configure(_carillon!);
        }

        return this;
    }

    /// <summary>Handles a message.</summary>
    /// <typeparam name="TMessage">The message's type, marked with <see cref="EventAttribute"/> or <see cref="CommandAttribute"/>.</typeparam>
    public CarillonApp On<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TMessage>(Action<TMessage> handle)
        where TMessage : notnull => Configure(carillon => carillon.On(handle));

    /// <summary>Handles a message.</summary>
    /// <typeparam name="TMessage">The message's type, marked with <see cref="EventAttribute"/> or <see cref="CommandAttribute"/>.</typeparam>
    public CarillonApp On<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TMessage>(Func<TMessage, Task> handle)
        where TMessage : notnull => Configure(carillon => carillon.On(handle));

    /// <summary>Starts the app; when it completes, the bus works and messages are received.</summary>
    /// <exception cref="CarillonConfigurationException">The configuration is wrong.</exception>
    public Task StartAsync(CancellationToken cancellation = default) => Host.StartAsync(cancellation);

    /// <summary>Waits until the process is asked to end (Ctrl+C, SIGTERM), then stops the app cleanly.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => Host.WaitForShutdownAsync(cancellation);

    /// <summary>Starts the app and runs it until the process is asked to end.</summary>
    /// <exception cref="CarillonConfigurationException">The configuration is wrong.</exception>
    public Task RunAsync(CancellationToken cancellation = default) => Host.RunAsync(cancellation);

    /// <summary>Stops the app cleanly.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => Host.StopAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private IHost Build()
    {
        if (!HasTransport())
            _carillon!.UseInMemory();
        return Builder.Build();
    }

    private bool HasTransport() => ((Hosting.CarillonBuilder)_carillon!).Transports.Count > 0;
}
